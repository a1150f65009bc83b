import { glanceDialect } from '../../kernel/dialects/glance.ts'
import { defineService, type Route } from '../../kernel/service.ts'
import { discoveryRoutes } from './discovery.ts'
import { imageDataRoutes } from './image-data.ts'
import { imageImportRoutes, importImage } from './image-import.ts'
import { imageRoutes } from './images.ts'
import { memberRoutes } from './members.ts'
import { metadefItemRoutes } from './metadef-items.ts'
import { metadefNamespaceRoutes } from './metadef-namespaces.ts'
import { metadefItems, metadefNamespaces, resourceTypes } from './metadef-records.ts'
import { publishedRoutes } from './published-routes.ts'
import { imageMembers, images, imageTasks } from './records.ts'
import { tagRoutes } from './tags.ts'

/** Glance refuses a body with deletions, tags and the actions of images. */
const withoutBody = (route: Route): Route =>
  route.method === 'DELETE' || /^\/images\/.*\/(actions|tags)\//.test(route.path) ? { ...route, body: 'none' } : route

/** Glance v2. */
export const imageService = defineService({
  type: 'image',
  name: 'image',
  project: 'glance',
  prefix: '/image',
  bases: ['/v2'],
  catalogPath: '',
  dialect: glanceDialect,
  transport: { trailingSlash: 'unknown', jsonSuffix: false, options: 'empty' },
  publishedRoutes,
  collections: [images, imageMembers, imageTasks, metadefNamespaces, metadefItems, resourceTypes],
  lifecycles: [importImage],
  routes: [
    ...discoveryRoutes,
    ...imageRoutes,
    ...imageDataRoutes,
    ...imageImportRoutes,
    ...memberRoutes,
    ...tagRoutes,
    ...metadefNamespaceRoutes,
    ...metadefItemRoutes,
  ].map(withoutBody),
})
