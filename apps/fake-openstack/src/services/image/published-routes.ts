/** Every route of Glance, as its own packages publish them: methods and path, one path a line. */
export const publishedRoutes = `
GET DELETE /cache
PUT DELETE /cache/:id
GET POST /images
GET PATCH DELETE /images/:id
POST /images/:id/actions/deactivate
POST /images/:id/actions/reactivate
GET PUT /images/:id/file
POST /images/:id/import
GET POST /images/:id/members
GET PUT DELETE /images/:id/members/:id
PUT /images/:id/stage
PUT DELETE /images/:id/tags/:id
GET /images/:id/tasks
GET /info/import
GET /info/stores
GET /info/stores/detail
GET /info/usage
GET POST /metadefs/namespaces
GET PUT DELETE /metadefs/namespaces/:id
GET POST DELETE /metadefs/namespaces/:id/objects
GET PUT DELETE /metadefs/namespaces/:id/objects/:id
GET POST DELETE /metadefs/namespaces/:id/properties
GET PUT DELETE /metadefs/namespaces/:id/properties/:id
GET POST /metadefs/namespaces/:id/resource_types
DELETE /metadefs/namespaces/:id/resource_types/:id
GET POST DELETE /metadefs/namespaces/:id/tags
GET POST PUT DELETE /metadefs/namespaces/:id/tags/:id
GET /metadefs/resource_types
GET /schemas/image
GET /schemas/images
GET /schemas/member
GET /schemas/members
GET /schemas/metadefs/namespace
GET /schemas/metadefs/namespaces
GET /schemas/metadefs/object
GET /schemas/metadefs/objects
GET /schemas/metadefs/properties
GET /schemas/metadefs/property
GET /schemas/metadefs/resource_type
GET /schemas/metadefs/resource_types
GET /schemas/metadefs/tag
GET /schemas/metadefs/tags
GET /schemas/task
GET /schemas/tasks
DELETE /stores/:id/:id
GET POST /tasks
GET DELETE /tasks/:id
`
