WITH {viewer},
found AS (
    SELECT clients.*, row_number() OVER (ORDER BY name_key, clients.id) AS place
    FROM clients
    JOIN viewer USING (partner_id)
    ORDER BY name_key, clients.id
    LIMIT $2 + 1
),
page AS (
    SELECT found.*, encode(convert_to(json_build_array(name_key, id)::text, 'UTF8'), 'base64') AS cursor
    FROM found
    WHERE place <= $2
)
SELECT json_build_object('data', json_build_object('partner', json_build_object(
    'id', {id:pa:partners.id}, 'name', partners.name,
    'clients', json_build_object(
        'edges', (
            SELECT coalesce(json_agg(json_build_object('cursor', page.cursor, 'node', json_build_object(
                'id', {id:cl:page.id}, 'name', page.name,
                'contacts', people.listed,
                'confirmationLinks', json_build_object('edges', stated.listed)
            )) ORDER BY page.place), '[]')
            FROM page,
            LATERAL (
                SELECT coalesce(json_agg(
                    json_build_object('id', {id:cc:contacts.id}, 'name', contacts.name, 'email', email)
                    ORDER BY contacts.name, contacts.id
                ), '[]') AS listed
                FROM client_contacts contacts
                WHERE client_id = page.id
            ) AS people,
            LATERAL (
                SELECT coalesce(json_agg(json_build_object('node', json_build_object(
                    'id', {id:li:links.id}, 'name', links.name, 'status', links.status,
                    'deal', CASE WHEN deals.id IS NOT NULL
                        THEN json_build_object('id', {id:de:deals.id}, 'name', deals.name) END,
                    'products', chosen.listed
                )) ORDER BY links.created_at DESC, links.id DESC), '[]') AS listed
                FROM (
                    SELECT *
                    FROM confirmation_links
                    WHERE client_id = page.id AND partner_id = page.partner_id
                    ORDER BY created_at DESC, id DESC
                    LIMIT $3
                ) AS links
                LEFT JOIN deals
                    ON deals.id = links.deal_id AND deals.partner_id = links.partner_id AND deals.is_shared,
                LATERAL (
                    SELECT coalesce(json_agg(json_build_object(
                        'product', json_build_object('id', {id:pr:products.id}, 'name', products.name)
                    ) ORDER BY link_products.position), '[]') AS listed
                    FROM link_products
                    JOIN products ON products.id = link_products.product_id
                    WHERE link_id = links.id
                ) AS chosen
            ) AS stated
        ),
        'pageInfo', json_build_object(
            'hasNextPage', (SELECT count(*) > $2 FROM found),
            'endCursor', (SELECT cursor FROM page ORDER BY place DESC LIMIT 1)
        )
    )
)))::text
FROM viewer
JOIN partners ON partners.id = viewer.partner_id
