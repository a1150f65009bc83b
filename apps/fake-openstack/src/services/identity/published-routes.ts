/** Every route of Keystone, as its own packages publish them: methods and path, one path a line. */
export const publishedRoutes = `
GET POST PATCH DELETE /OS-EP-FILTER/endpoint_groups
GET POST PATCH DELETE /OS-EP-FILTER/endpoint_groups/:id
GET /OS-EP-FILTER/endpoint_groups/:id/endpoints
GET /OS-EP-FILTER/endpoint_groups/:id/projects
GET PUT DELETE /OS-EP-FILTER/endpoint_groups/:id/projects/:id
GET /OS-EP-FILTER/endpoints/:id/projects
GET /OS-EP-FILTER/projects/:id/endpoint_groups
GET /OS-EP-FILTER/projects/:id/endpoints
GET PUT DELETE /OS-EP-FILTER/projects/:id/endpoints/:id
GET /OS-FEDERATION/domains
GET PUT PATCH DELETE /OS-FEDERATION/identity_providers
GET PUT PATCH DELETE /OS-FEDERATION/identity_providers/:id
GET /OS-FEDERATION/identity_providers/:id/protocols
GET PUT PATCH DELETE /OS-FEDERATION/identity_providers/:id/protocols/:id
GET POST /OS-FEDERATION/identity_providers/:id/protocols/:id/auth
GET PUT PATCH DELETE /OS-FEDERATION/mappings
GET PUT PATCH DELETE /OS-FEDERATION/mappings/:id
GET /OS-FEDERATION/projects
GET /OS-FEDERATION/saml2/metadata
GET PUT PATCH DELETE /OS-FEDERATION/service_providers
GET PUT PATCH DELETE /OS-FEDERATION/service_providers/:id
GET PUT DELETE /OS-INHERIT/domains/:id/groups/:id/roles/:id/inherited_to_projects
GET /OS-INHERIT/domains/:id/groups/:id/roles/inherited_to_projects
GET PUT DELETE /OS-INHERIT/domains/:id/users/:id/roles/:id/inherited_to_projects
GET /OS-INHERIT/domains/:id/users/:id/roles/inherited_to_projects
GET PUT DELETE /OS-INHERIT/projects/:id/groups/:id/roles/:id/inherited_to_projects
GET PUT DELETE /OS-INHERIT/projects/:id/users/:id/roles/:id/inherited_to_projects
GET POST /OS-OAUTH1/access_token
GET PUT /OS-OAUTH1/authorize/:id
GET POST PATCH DELETE /OS-OAUTH1/consumers
GET POST PATCH DELETE /OS-OAUTH1/consumers/:id
GET POST /OS-OAUTH1/request_token
GET POST PUT PATCH DELETE /OS-OAUTH2/token
GET /OS-REVOKE/events
GET /OS-SIMPLE-CERT/ca
GET /OS-SIMPLE-CERT/certificates
GET POST DELETE /OS-TRUST/trusts
GET POST DELETE /OS-TRUST/trusts/:id
GET /OS-TRUST/trusts/:id/roles
GET /OS-TRUST/trusts/:id/roles/:id
GET POST /auth/OS-FEDERATION/identity_providers/:id/protocols/:id/websso
GET POST /auth/OS-FEDERATION/saml2
GET POST /auth/OS-FEDERATION/saml2/ecp
GET POST /auth/OS-FEDERATION/websso/:id
GET /auth/catalog
GET /auth/domains
GET /auth/projects
GET /auth/system
GET POST DELETE /auth/tokens
GET /auth/tokens/OS-PKI/revoked
GET POST PATCH DELETE /credentials
GET POST PATCH DELETE /credentials/:id
GET POST PATCH DELETE /domains
GET POST PATCH DELETE /domains/:id
GET PUT PATCH DELETE /domains/:id/config
GET PATCH DELETE /domains/:id/config/:id
GET PATCH DELETE /domains/:id/config/:id/:id
GET /domains/:id/groups/:id/roles
GET PUT DELETE /domains/:id/groups/:id/roles/:id
GET /domains/:id/users/:id/roles
GET PUT DELETE /domains/:id/users/:id/roles/:id
GET /domains/config/:id/:id/default
GET /domains/config/:id/default
GET /domains/config/default
GET POST /ec2tokens
GET POST PATCH DELETE /endpoints
GET POST PATCH DELETE /endpoints/:id
GET /endpoints/:id/OS-ENDPOINT-POLICY/policy
GET POST PATCH DELETE /groups
GET POST PATCH DELETE /groups/:id
GET /groups/:id/users
GET PUT DELETE /groups/:id/users/:id
GET POST PATCH DELETE /limits
GET POST PATCH DELETE /limits/:id
GET /limits/model
GET POST PATCH DELETE /policies
GET POST PATCH DELETE /policies/:id
GET /policies/:id/OS-ENDPOINT-POLICY/endpoints
GET PUT DELETE /policies/:id/OS-ENDPOINT-POLICY/endpoints/:id
GET PUT DELETE /policies/:id/OS-ENDPOINT-POLICY/services/:id
GET PUT DELETE /policies/:id/OS-ENDPOINT-POLICY/services/:id/regions/:id
GET POST PATCH DELETE /projects
GET POST PATCH DELETE /projects/:id
GET /projects/:id/groups/:id/roles
GET PUT DELETE /projects/:id/groups/:id/roles/:id
GET PUT DELETE /projects/:id/tags
GET PUT DELETE /projects/:id/tags/:id
GET /projects/:id/users/:id/roles
GET PUT DELETE /projects/:id/users/:id/roles/:id
GET POST PUT PATCH DELETE /regions
GET POST PUT PATCH DELETE /regions/:id
GET POST PATCH DELETE /registered_limits
GET POST PATCH DELETE /registered_limits/:id
GET /role_assignments
GET /role_inferences
GET POST PATCH DELETE /roles
GET POST PATCH DELETE /roles/:id
GET /roles/:id/implies
GET PUT DELETE /roles/:id/implies/:id
GET POST /s3tokens
GET POST PATCH DELETE /services
GET POST PATCH DELETE /services/:id
GET /system/groups/:id/roles
GET PUT DELETE /system/groups/:id/roles/:id
GET /system/users/:id/roles
GET PUT DELETE /system/users/:id/roles/:id
GET POST PATCH DELETE /users
GET POST PATCH DELETE /users/:id
GET /users/:id/OS-OAUTH1/access_tokens
GET DELETE /users/:id/OS-OAUTH1/access_tokens/:id
GET /users/:id/OS-OAUTH1/access_tokens/:id/roles
GET /users/:id/OS-OAUTH1/access_tokens/:id/roles/:id
GET /users/:id/access_rules
GET DELETE /users/:id/access_rules/:id
GET POST /users/:id/application_credentials
GET DELETE /users/:id/application_credentials/:id
GET POST /users/:id/credentials/OS-EC2
GET DELETE /users/:id/credentials/OS-EC2/:id
GET /users/:id/groups
GET POST /users/:id/password
GET /users/:id/projects
GET /v3
`
