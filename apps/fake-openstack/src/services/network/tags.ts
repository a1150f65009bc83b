import type { Call } from '../../kernel/call.ts'
import { isObject } from '../../kernel/json-schema.ts'
import { pythonStr } from '../../kernel/python-repr.ts'
import { noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { inconsistentInput, neutronError } from './neutron-errors.ts'
import { rulesOf } from './release-rules.ts'
import type { AnyResource } from './resource.ts'

/** Longest tag. */
const maxTagLength = 255

/** Tags of all kinds of resources. https://docs.openstack.org/api-ref/network/v2/#standard-attributes-tag-extension */
export const tagRoutes = (resources: readonly AnyResource[]): Route[] =>
  resources.flatMap((resource) => {
    const base = `/${resource.path}/:id/tags`
    const plural = resource.path.replaceAll('-', '_')
    const tagsOf = (call: Call): readonly string[] => {
      const id = call.param('id')
      const record = resource.find(call, id)
      if (record) return record.tags
      throw rulesOf(call).tagsOfMissing(plural, id)
    }
    const set = (call: Call, tags: readonly string[]): void => resource.setTags(call, call.param('id'), tags)
    const one = (call: Call): { tags: readonly string[]; tag: string } => {
      const tags = tagsOf(call)
      const tag = call.param('tag')
      if (tags.includes(tag)) return { tags, tag }
      throw neutronError(404, 'TagNotFound', `Tag ${tag} could not be found.`)
    }
    return [
      { method: 'GET', path: base, operation: `${plural}.list_tags`, handle: (call) => ok({ tags: tagsOf(call) }) },
      {
        method: 'PUT',
        path: base,
        operation: `${plural}.replace_tags`,
        handle: (call) => {
          tagsOf(call)
          const tags = readTags(call)
          set(call, tags)
          return ok({ tags })
        },
      },
      {
        method: 'DELETE',
        path: base,
        operation: `${plural}.clear_tags`,
        handle: (call) => {
          tagsOf(call)
          set(call, [])
          return noContent()
        },
      },
      {
        method: 'GET',
        path: `${base}/:tag`,
        operation: `${plural}.check_tag`,
        handle: (call) => {
          one(call)
          return noContent()
        },
      },
      {
        method: 'PUT',
        path: `${base}/:tag`,
        operation: `${plural}.add_tag`,
        handle: (call) => {
          const tags = tagsOf(call)
          const tag = call.param('tag')
          checkTag(tag)
          if (!tags.includes(tag)) set(call, [...tags, tag])
          return { status: 201, body: null }
        },
      },
      {
        method: 'DELETE',
        path: `${base}/:tag`,
        operation: `${plural}.remove_tag`,
        handle: (call) => {
          const { tags, tag } = one(call)
          set(
            call,
            tags.filter((other) => other !== tag),
          )
          return noContent()
        },
      },
    ] satisfies Route[]
  })

const readTags = (call: Call): string[] => {
  const body = call.rawJson
  if (!isObject(body) || !('tags' in body)) throw inconsistentInput('Invalid tags body')
  const { tags } = body
  if (!Array.isArray(tags)) throw inconsistentInput(`'${pythonStr(tags)}' is not a list`)
  for (const tag of tags as readonly unknown[]) {
    if (typeof tag !== 'string') throw inconsistentInput(`'${pythonStr(tag)}' is not a valid string`)
    checkTag(tag)
  }
  const repeated = tags.filter((tag, i) => tags.indexOf(tag) !== i)
  if (repeated.length > 0) throw inconsistentInput(`Duplicate items in the list: '${repeated.join(', ')}'`)
  return tags as string[] // checked above
}

const checkTag = (tag: string): void => {
  if (tag.length > maxTagLength) throw inconsistentInput(`'${tag}' exceeds maximum length of ${maxTagLength}`)
}
