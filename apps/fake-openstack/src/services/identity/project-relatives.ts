import { badRequest } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { projectDocument } from './documents.ts'
import { branchAbove, childrenOf } from './project-tree.ts'
import type { ProjectRecord } from './records.ts'

/** Ids below one another, null at the ends. */
interface IdTree {
  readonly [id: string]: IdTree | null
}

const isSet = (call: Call, key: string): boolean => call.query.has(key) && call.query.get(key) !== '0'

/**
 * What the query asks for besides a project: those above it and below it, as lists or as trees of ids. The lists have the
 * projects on which the caller has a role, `own`.
 */
export const relatives = (
  call: Call,
  { id, parent_id }: { readonly id: string; readonly parent_id: string | null },
  own: () => readonly ProjectRecord[],
) => {
  for (const kind of ['parents', 'subtree']) {
    if (isSet(call, `${kind}_as_list`) && isSet(call, `${kind}_as_ids`)) {
      throw badRequest(`Cannot use ${kind}_as_list and ${kind}_as_ids query params at the same time.`)
    }
  }
  const above = (): string[] => (parent_id === null ? [] : branchAbove(call, parent_id).map((one) => one.id))
  return {
    ...(isSet(call, 'parents_as_list') ? { parents: ofCaller(call, own(), above()) } : {}),
    ...(isSet(call, 'parents_as_ids') ? { parents: chainOf(above()) } : {}),
    ...(isSet(call, 'subtree_as_list') ? { subtree: ofCaller(call, own(), idsBelow(call, id)) } : {}),
    ...(isSet(call, 'subtree_as_ids') ? { subtree: treeBelow(call, id) } : {}),
  }
}

const ofCaller = (call: Call, own: readonly ProjectRecord[], ids: readonly string[]) =>
  ids
    .flatMap((id) => own.find((project) => project.id === id) ?? [])
    .map((project) => ({ project: projectDocument(call, project) }))

const chainOf = ([nearest, ...farther]: readonly string[]): IdTree | null =>
  nearest === undefined ? null : { [nearest]: chainOf(farther) }

/** Level by level. */
const idsBelow = (call: Call, id: string): string[] => {
  const levels: ProjectRecord[][] = [[...childrenOf(call, id)]]
  for (let level = levels[0] ?? []; level.length > 0; levels.push(level)) {
    level = level.flatMap((project) => childrenOf(call, project.id))
  }
  return levels.flat().map((project) => project.id)
}

const treeBelow = (call: Call, id: string): IdTree | null => {
  const children = childrenOf(call, id)
  if (children.length === 0) return null
  return Object.fromEntries(children.map((child) => [child.id, treeBelow(call, child.id)]))
}
