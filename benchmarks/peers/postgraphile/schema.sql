-- What PostGraphile shows: views in a schema of their own, made anew at each start; the tables beneath stay untouched.
-- The column is "key", so that "id" can be the global id.
DROP SCHEMA IF EXISTS postgraphile CASCADE;
CREATE SCHEMA postgraphile;
SET LOCAL search_path TO postgraphile;

CREATE VIEW partners AS SELECT id AS key, name FROM public.partners;
COMMENT ON VIEW partners IS E'@primaryKey key';

CREATE VIEW clients AS SELECT id AS key, partner_id, name, name_key FROM public.clients;
COMMENT ON VIEW clients IS E'@primaryKey key\n@unique key,partner_id\n'
  '@foreignKey (partner_id) references partners (key)|@foreignFieldName clients';

CREATE VIEW client_contacts AS SELECT id AS key, client_id, name, email FROM public.client_contacts;
COMMENT ON VIEW client_contacts IS E'@primaryKey key\n'
  '@foreignKey (client_id) references clients (key)'
  '|@foreignSimpleFieldName contacts|@backwardBehavior -connection +list';

CREATE VIEW deals AS SELECT id AS key, partner_id, name FROM public.deals WHERE is_shared;
COMMENT ON VIEW deals IS E'@primaryKey key\n@unique key,partner_id';

CREATE VIEW confirmation_links AS
  SELECT id AS key, partner_id, name, status, created_at, client_id, deal_id FROM public.confirmation_links;
COMMENT ON VIEW confirmation_links IS E'@primaryKey key\n@unique key,partner_id\n'
  '@foreignKey (partner_id) references partners (key)|@foreignFieldName confirmationLinks\n'
  '@foreignKey (client_id,partner_id) references clients (key,partner_id)'
  '|@fieldName client|@foreignFieldName confirmationLinks\n'
  '@foreignKey (deal_id,partner_id) references deals (key,partner_id)|@fieldName deal';

CREATE VIEW products AS SELECT id AS key, code, name FROM public.products;
COMMENT ON VIEW products IS E'@primaryKey key';

CREATE VIEW onboarding_types AS SELECT product_id, code, name FROM public.onboarding_types;
COMMENT ON VIEW onboarding_types IS E'@primaryKey product_id,code';

CREATE VIEW link_products AS
  SELECT link_id, position, product_id, onboarding_type_code FROM public.link_products;
COMMENT ON VIEW link_products IS E'@primaryKey link_id,position\n'
  '@foreignKey (link_id) references confirmation_links (key)'
  '|@foreignSimpleFieldName products|@backwardBehavior -connection +list\n'
  '@foreignKey (product_id) references products (key)|@fieldName product|@backwardBehavior -*\n'
  '@foreignKey (product_id,onboarding_type_code) references onboarding_types (product_id,code)'
  '|@fieldName onboardingType|@backwardBehavior -*';
