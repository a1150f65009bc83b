/**
 * Every route of Neutron with the extensions of the reference cloud, as its own packages publish them: methods and
 * path, one path a line.
 */
export const publishedRoutes = `
GET POST /address-groups
GET PUT DELETE /address-groups/:id
PUT /address-groups/:id/add_addresses
PUT /address-groups/:id/remove_addresses
GET POST /address-scopes
GET PUT DELETE /address-scopes/:id
GET /agents
GET PUT DELETE /agents/:id
GET POST /agents/:id/dhcp-networks
DELETE /agents/:id/dhcp-networks/:id
GET POST /agents/:id/l3-routers
DELETE /agents/:id/l3-routers/:id
GET DELETE /auto-allocated-topology/:id
GET /availability_zones
GET /extensions
GET /extensions/:id
GET POST /flavors
GET PUT DELETE /flavors/:id
POST /flavors/:id/service_profiles
DELETE /flavors/:id/service_profiles/:id
GET /floatingip_pools
GET POST /floatingips
GET PUT DELETE /floatingips/:id
GET PUT DELETE /floatingips/:id/tags
GET PUT DELETE /floatingips/:id/tags/:id
GET /network-ip-availabilities
GET /network-ip-availabilities/:id
GET POST /networks
GET PUT DELETE /networks/:id
GET /networks/:id/dhcp-agents
GET PUT DELETE /networks/:id/tags
GET PUT DELETE /networks/:id/tags/:id
GET POST /ports
GET PUT DELETE /ports/:id
GET POST /ports/:id/bindings
GET PUT DELETE /ports/:id/bindings/:id
PUT /ports/:id/bindings/:id/activate
GET PUT DELETE /ports/:id/tags
GET PUT DELETE /ports/:id/tags/:id
GET /quotas
GET PUT DELETE /quotas/:id
GET /quotas/:id/default
GET /quotas/:id/details
GET POST /rbac-policies
GET PUT DELETE /rbac-policies/:id
GET POST /routers
GET PUT DELETE /routers/:id
PUT /routers/:id/add_extraroutes
PUT /routers/:id/add_router_interface
GET POST /routers/:id/l3-agents
DELETE /routers/:id/l3-agents/:id
PUT /routers/:id/remove_extraroutes
PUT /routers/:id/remove_router_interface
GET PUT DELETE /routers/:id/tags
GET PUT DELETE /routers/:id/tags/:id
GET POST /security-group-rules
GET PUT DELETE /security-group-rules/:id
GET PUT DELETE /security-group-rules/:id/tags
GET PUT DELETE /security-group-rules/:id/tags/:id
GET POST /security-groups
GET PUT DELETE /security-groups/:id
GET PUT DELETE /security-groups/:id/tags
GET PUT DELETE /security-groups/:id/tags/:id
GET /service-providers
GET POST /service_profiles
GET PUT DELETE /service_profiles/:id
GET POST /subnetpools
GET PUT DELETE /subnetpools/:id
PUT /subnetpools/:id/onboard_network_subnets
GET PUT DELETE /subnetpools/:id/tags
GET PUT DELETE /subnetpools/:id/tags/:id
GET POST /subnets
GET PUT DELETE /subnets/:id
GET PUT DELETE /subnets/:id/tags
GET PUT DELETE /subnets/:id/tags/:id
GET POST /trunks
GET PUT DELETE /trunks/:id
PUT /trunks/:id/add_subports
GET /trunks/:id/get_subports
PUT /trunks/:id/remove_subports
GET PUT DELETE /trunks/:id/tags
GET PUT DELETE /trunks/:id/tags/:id
`
