import * as z from 'zod'
import { seedSchema } from './schema.ts'

/** The JSON Schema of seed files, for editors and for checks outside of JavaScript. */
export const seedJsonSchema = (): object => ({
  ...z.toJSONSchema(seedSchema, { io: 'input' }),
  title: 'Seed of fake-openstack',
})
