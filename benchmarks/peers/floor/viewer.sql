viewer AS (
    SELECT actors.partner_id
    FROM api_tokens
    JOIN actors ON actors.id = api_tokens.actor_id
    WHERE secret_hash = $1 AND is_active AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
)
