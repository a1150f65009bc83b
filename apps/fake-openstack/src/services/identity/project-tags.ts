import { notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { keystoneDialect } from '../../kernel/dialects/keystone.ts'
import { firstProblem, isObject, type JsonSchema } from '../../kernel/json-schema.ts'
import { noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { wordsForEmpty } from '../../kernel/validation.ts'
import { find } from './directory.ts'
import { projectKind } from './projects.ts'
import { type ProjectRecord, projects } from './records.ts'
import { tagsSchema } from './schemas.ts'

const check = (call: Call, schema: JsonSchema, value: unknown): void => {
  const { release } = call.context.settings
  const problem = firstProblem(schema, value, [], { wordsForEmpty: wordsForEmpty(release) })
  if (!problem) return
  const path = problem.path.length === 0 ? [] : ['tags', ...problem.path]
  throw keystoneDialect.invalid({ ...problem, path }, release)
}

/** The answer names no project: its link is the version's. */
const document = (call: Call, tags: readonly string[]) =>
  ok({ tags: [...tags].sort(), links: { self: `${call.serviceUrl}/v3` } })

const store = (call: Call, project: ProjectRecord, tags: readonly string[]): void => {
  call.store.of(projects).update(project.id, { tags })
}

/** Everybody may look at the tags of the project of the own token. */
const authorize = (call: Call, policy: string): void => {
  if (call.param('project_id') !== call.projectId) call.requireAdmin(`identity:${policy}`)
}

const mustHave = (project: ProjectRecord, tag: string): void => {
  if (!project.tags.includes(tag)) throw notFound(`Could not find project tag: ${tag}.`)
}

const list = (call: Call) => {
  authorize(call, 'list_project_tags')
  return document(call, find(call, projectKind).tags)
}

const replace = (call: Call) => {
  const body = call.rawJson
  const asked = isObject(body) ? (body['tags'] ?? {}) : {}
  check(call, tagsSchema, asked)
  const tags = asked as readonly string[] // as the schema has it
  store(call, find(call, projectKind), tags)
  return document(call, tags)
}

const clear = (call: Call) => {
  store(call, find(call, projectKind), [])
  return noContent()
}

const show = (call: Call) => {
  authorize(call, 'get_project_tag')
  mustHave(find(call, projectKind), call.param('tag'))
  return noContent()
}

const add = (call: Call) => {
  const tag = call.param('tag')
  check(call, tagsSchema.items ?? {}, tag)
  const project = find(call, projectKind)
  const tags = [...[...project.tags].sort(), tag]
  check(call, tagsSchema, tags)
  store(call, project, tags)
  return { status: 201, headers: { location: `${call.serviceUrl}/v3/${project.id}/tags/${encodeURIComponent(tag)}` } }
}

const remove = (call: Call) => {
  const tag = call.param('tag')
  const project = find(call, projectKind)
  mustHave(project, tag)
  const tags = project.tags.filter((one) => one !== tag)
  store(call, project, tags)
  return noContent()
}

const admin = (policy: string) => ({ admin: `identity:${policy}` })
const all = '/projects/:project_id/tags'
const one = `${all}/:tag`

/** https://docs.openstack.org/api-ref/identity/v3/#project-tags */
export const projectTagRoutes: readonly Route[] = [
  { method: 'GET', path: all, operation: 'project-tags.list', handle: list },
  {
    method: 'PUT',
    path: all,
    operation: 'project-tags.replace',
    access: admin('update_project_tags'),
    handle: replace,
  },
  {
    method: 'DELETE',
    path: all,
    operation: 'project-tags.clear',
    access: admin('delete_project_tags'),
    handle: clear,
  },
  { method: 'GET', path: one, operation: 'project-tags.show', handle: show },
  { method: 'PUT', path: one, operation: 'project-tags.create', access: admin('create_project_tag'), handle: add },
  {
    method: 'DELETE',
    path: one,
    operation: 'project-tags.delete',
    access: admin('delete_project_tag'),
    handle: remove,
  },
]
