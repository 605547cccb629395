-- The login of the service, and its database. It is no superuser: it owns the tables, and may make the two roles that the
-- migrations need. PostgreSQL's image runs this once, on an empty volume; run it by hand elsewhere, with DATABASE_PASSWORD set.
\getenv password DATABASE_PASSWORD
CREATE ROLE partner_service LOGIN CREATEROLE NOINHERIT PASSWORD :'password';
CREATE DATABASE partner OWNER partner_service ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE partner FROM PUBLIC;
