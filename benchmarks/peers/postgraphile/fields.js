// What the views do not say: global ids, where a viewer starts, and creating a link with all that it causes.
import { connection, context, get, lambda } from 'postgraphile/grafast'
import { sideEffectWithPgClient } from 'postgraphile/@dataplan/pg'
import { extendSchema, gql } from 'postgraphile/utils'
import { globalId, keyIn } from '../mercurius/ids.js'
import { createConfirmationLink } from '../mercurius_sql/create.js'

const TAGS = { Partner: 'pa', Client: 'cl', ClientContact: 'cc', ConfirmationLink: 'li', Deal: 'de', Product: 'pr' }

export const fields = extendSchema(({ pgResources, pgExecutor }) => {
  const { partners, confirmation_links: links } = pgResources
  const viewer = () => context().get('viewer')
  const own = () => get(viewer(), 'partnerId')
  return {
    typeDefs: gql`
      ${Object.keys(TAGS).map((type) => `extend type ${type} { id: ID! }`).join('\n')}
      extend type Query {
        partner: Partner
        confirmationLink(id: ID!): ConfirmationLink
        confirmationLinks: ConfirmationLinkConnection!
      }
      extend type Mutation {
        createConfirmationLink(input: CreateConfirmationLinkInput!): CreateConfirmationLinkPayload!
      }
      enum OnboardingDuration {
        UNDER_ONE_MONTH ONE_TO_TWO_MONTHS TWO_TO_THREE_MONTHS THREE_TO_SIX_MONTHS OVER_SIX_MONTHS
      }
      input ConfirmationLinkProductInput {
        productId: ID!
        onboardingTypeCode: String
      }
      input CreateConfirmationLinkInput {
        name: String!
        products: [ConfirmationLinkProductInput!]!
        providesOnboarding: Boolean! = false
        onboardingDuration: OnboardingDuration
      }
      type CreateConfirmationLinkPayload {
        confirmationLink: ConfirmationLink
        userErrors: [UserError!]!
        cursor: String
      }
      type UserError {
        code: String!
        message: String!
        field: [String!]
      }
    `,
    objects: {
      ...Object.fromEntries(Object.entries(TAGS).map(([type, tag]) => [type, { plans: { id: idOf(tag) } }])),
      Query: {
        plans: {
          partner: () => partners.get({ key: own() }),
          confirmationLink: (_, { $id }) => links.get({ key: lambda($id, keyOfLink, true), partner_id: own() }),
          confirmationLinks: () => connection(newest(links.find({ partner_id: own() })))
        }
      },
      Mutation: {
        plans: {
          createConfirmationLink: (_, { $input }) => sideEffectWithPgClient(pgExecutor, [viewer(), $input], create)
        }
      },
      CreateConfirmationLinkPayload: {
        plans: {
          confirmationLink: ($payload) => links.get({ key: get(get($payload, 'confirmationLink'), 'id') })
        }
      }
    }
  }
})

function newest ($links) {
  for (const attribute of ['created_at', 'key']) $links.orderBy({ attribute, direction: 'DESC' })
  $links.setOrderIsUnique()
  return $links
}

const keyOfLink = (id) => keyIn('li', id)

function idOf (tag) {
  const encode = (key) => globalId(tag, key)
  return ($row) => lambda($row.get('key'), encode, true)
}

function create (client, [viewer, input]) {
  const run = (name, text, ...values) => client.query({ name, text, values }).then(({ rows }) => rows)
  return createConfirmationLink(run, viewer, input)
}
