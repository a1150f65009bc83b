import { glanceDialect } from '../../kernel/dialects/glance.ts'
import { defineService } from '../../kernel/service.ts'
import { imageMembers, images } from './records.ts'

/** Glance v2. */
export const imageService = defineService({
  type: 'image',
  name: 'image',
  project: 'glance',
  prefix: '/image',
  bases: ['/v2'],
  catalogPath: '',
  dialect: glanceDialect,
  collections: [images, imageMembers],
  routes: [],
})
