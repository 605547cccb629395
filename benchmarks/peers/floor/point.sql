WITH {viewer}
SELECT json_build_object('data', json_build_object('confirmationLink', (
    SELECT json_build_object(
        'id', {id:li:links.id}, 'name', links.name, 'status', links.status,
        'client', CASE WHEN clients.id IS NOT NULL
            THEN json_build_object('id', {id:cl:clients.id}, 'name', clients.name) END,
        'deal', CASE WHEN deals.id IS NOT NULL
            THEN json_build_object('id', {id:de:deals.id}, 'name', deals.name) END
    )
    FROM confirmation_links links
    LEFT JOIN clients ON clients.id = links.client_id AND clients.partner_id = links.partner_id
    LEFT JOIN deals ON deals.id = links.deal_id AND deals.partner_id = links.partner_id AND deals.is_shared
    WHERE links.id = $2 AND links.partner_id = viewer.partner_id
)))::text
FROM viewer
