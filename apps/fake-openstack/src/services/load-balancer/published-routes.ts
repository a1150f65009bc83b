/** Every route of Octavia, as its own packages publish them: methods and path, one path a line. */
export const publishedRoutes = `
GET POST /availabilityzoneprofiles
GET PUT DELETE /availabilityzoneprofiles/:id
GET POST /availabilityzones
GET PUT DELETE /availabilityzones/:id
GET POST /flavorprofiles
GET PUT DELETE /flavorprofiles/:id
GET POST /flavors
GET PUT DELETE /flavors/:id
GET POST /healthmonitors
GET PUT DELETE /healthmonitors/:id
GET POST /l7policies
GET PUT DELETE /l7policies/:id
GET POST /l7policies/:id/rules
GET PUT DELETE /l7policies/:id/rules/:id
GET POST /listeners
GET PUT DELETE /listeners/:id
GET /listeners/:id/stats
GET POST /loadbalancers
GET PUT DELETE /loadbalancers/:id
PUT /loadbalancers/:id/failover
GET /loadbalancers/:id/stats
GET /loadbalancers/:id/status
GET /loadbalancers/:id/statuses
GET POST /pools
GET PUT DELETE /pools/:id
GET POST PUT /pools/:id/members
GET PUT DELETE /pools/:id/members/:id
GET /providers
GET /providers/:id/availability_zone_capabilities
GET /providers/:id/flavor_capabilities
GET /quotas
GET PUT DELETE /quotas/:id
GET /quotas/:id/default
GET /quotas/defaults
`
