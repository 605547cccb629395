// A new link before it is written: what the rules have against it, and how it is told.
import { globalId, keyIn } from './ids.js'

const MAIL_KIND = 'link_created'

export const nameKey = (name) => name.toLowerCase().normalize('NFKD').replace(/\p{Mn}/gu, '')

// The input with its name cleaned and its products by key.
export function draftOf (input) {
  return {
    ...input,
    name: input.name.replace(/[^\P{Cc}\s]/gu, '').trim().replace(/\s+/g, ' '),
    providesOnboarding: input.providesOnboarding ?? false,
    onboardingDuration: input.onboardingDuration ?? null,
    products: input.products.map(({ productId, onboardingTypeCode }) => ({
      key: keyIn('pr', productId), code: onboardingTypeCode ?? null
    }))
  }
}

// `catalogue` has each chosen product, with the onboarding types that can be chosen.
export function refusalsOf (draft, catalogue) {
  const refusals = []
  const refuse = (code, message, ...field) => refusals.push({ code, message, field })
  if (draft.name === '') refuse('BLANK', 'must not be blank', 'name')
  if (draft.name.length > 200) refuse('TOO_LONG', 'is longer than 200 characters', 'name')
  if (draft.products.length === 0) refuse('NO_PRODUCTS', 'at least one product is needed', 'products')
  if (draft.products.length > 500) refuse('LIMIT_EXCEEDED', 'too many', 'products')
  const seen = new Set()
  draft.products.forEach(({ key, code }, index) => {
    const field = ['products', String(index)]
    const product = catalogue.get(key)
    if (!product) return refuse('NOT_FOUND', 'not found', ...field, 'productId')
    if (seen.has(key)) refuse('DUPLICATE_PRODUCT', 'the product is listed twice', ...field, 'productId')
    seen.add(key)
    if (code === null) {
      if (product.edition === 'STARTER') return
      refuse('ONBOARDING_REQUIRED', 'this product needs an onboarding type', ...field, 'onboardingTypeCode')
    } else if (!product.types.some((type) => type.code === code)) {
      refuse('ONBOARDING_TYPE_INVALID', 'not a type of this product', ...field, 'onboardingTypeCode')
    }
  })
  if (draft.providesOnboarding && !draft.onboardingDuration) {
    refuse('DURATION_REQUIRED', 'onboarding needs a duration', 'onboardingDuration')
  }
  if (!draft.providesOnboarding && draft.onboardingDuration) {
    refuse('DURATION_NOT_ALLOWED', 'there is no onboarding to last', 'onboardingDuration')
  }
  return refusals
}

// The lines of the audit entry.
export function changesOf (draft, catalogue) {
  const products = draft.products.map(({ key, code }) => catalogue.get(key).code + (code ? ` (${code})` : ''))
  const facts = {
    name: draft.name,
    products: products.join(', '),
    providesOnboarding: String(draft.providesOnboarding),
    onboardingDuration: draft.onboardingDuration
  }
  return Object.entries(facts)
    .filter(([, after]) => after !== null)
    .map(([field, after]) => ({ field, before: null, after, staff_only: false }))
}

export function newsOf (draft, partner, viewer) {
  return { title: `${partner.name} created “${draft.name}”`, body: `${viewer.name} made a confirmation link.` }
}

// The row of the outbox for one member of the account team.
export function mailOf (key, link, draft, catalogue, partner, viewer, member) {
  const subject = `New confirmation link of ${partner.name}: ${draft.name}`
  const lines = draft.products.map(({ key, code }) => {
    const { name, types } = catalogue.get(key)
    const type = types.find((type) => type.code === code)
    return type ? `${name} – onboarding: ${type.name}` : name
  })
  const hello = `Hello ${member.name},`
  const states = `${viewer.name} created the confirmation link “${draft.name}” of ${partner.name}. It states:`
  const onboarding = draft.providesOnboarding
    ? `${partner.name} provides the onboarding. Estimated duration: ${draft.onboardingDuration}.`
    : `${partner.name} does not provide the onboarding.`
  const asked = 'The client is asked to confirm or reject it at checkout. You need not do anything now.'
  const why = `You receive this e-mail because you are assigned to ${partner.name}.`
  return {
    id: key,
    kind: MAIL_KIND,
    subject_id: globalId('li', link),
    recipients: [{ name: member.name, email: member.email, field: 'to' }],
    remaining: [member.email],
    locale: member.locale,
    subject: subject.length > 500 ? `${subject.slice(0, 499)}…` : subject,
    text: [hello, states, lines.map((line) => `* ${line}`).join('\n'), onboarding, asked, `--\n${why}`].join('\n\n'),
    html: page(subject, [
      paragraph(hello), paragraph(states), `<ul>${lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>`,
      paragraph(onboarding), paragraph(asked), paragraph(why)
    ])
  }
}

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' }
const escaped = (text) => text.replace(/[&<>"']/g, (character) => ENTITIES[character])
const paragraph = (text) => `<p style="margin:0 0 16px">${escaped(text)}</p>`
const page = (title, parts) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
</head>
<body style="margin:0;padding:0;background:#ffffff;color:#1f2933;font-family:sans-serif;font-size:16px;line-height:1.5">
<div style="max-width:600px;margin:0 auto;padding:24px 16px;overflow-wrap:anywhere">
${parts.join('\n')}
</div>
</body>
</html>
`
