WITH {viewer},
page AS (
    SELECT links.*
    FROM confirmation_links links
    JOIN viewer USING (partner_id)
    ORDER BY created_at DESC, id DESC
    LIMIT $2
),
chosen AS (
    SELECT link_id, json_agg(json_build_object(
        'product', json_build_object('id', {id:pr:products.id}, 'name', products.name),
        'onboardingType', CASE WHEN types.code IS NOT NULL
            THEN json_build_object('code', types.code, 'name', types.name) END
    ) ORDER BY link_products.position) AS listed
    FROM page
    JOIN link_products ON link_products.link_id = page.id
    JOIN products ON products.id = link_products.product_id
    LEFT JOIN onboarding_types types
        ON types.product_id = link_products.product_id AND types.code = link_products.onboarding_type_code
    GROUP BY link_id
)
SELECT json_build_object('data', json_build_object('confirmationLinks', json_build_object('nodes', (
    SELECT coalesce(json_agg(json_build_object(
        'id', {id:li:page.id}, 'name', page.name, 'status', page.status, 'createdAt', page.created_at,
        'products', coalesce(chosen.listed, '[]'),
        'client', CASE WHEN clients.id IS NOT NULL
            THEN json_build_object('id', {id:cl:clients.id}, 'name', clients.name) END,
        'deal', CASE WHEN deals.id IS NOT NULL
            THEN json_build_object('id', {id:de:deals.id}, 'name', deals.name) END
    ) ORDER BY page.created_at DESC, page.id DESC), '[]')
    FROM page
    LEFT JOIN chosen ON chosen.link_id = page.id
    LEFT JOIN clients ON clients.id = page.client_id AND clients.partner_id = page.partner_id
    LEFT JOIN deals ON deals.id = page.deal_id AND deals.partner_id = page.partner_id AND deals.is_shared
))))::text
FROM viewer
