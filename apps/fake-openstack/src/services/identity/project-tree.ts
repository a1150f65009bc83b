import { badRequest, forbidden } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { type DomainRecord, domains, type ProjectRecord, projects } from './records.ts'

/** `max_project_tree_depth` of keystone.conf, and the domain above. */
const maxDepth = 6

/** The projects above one, the nearest first, and the domain as the last. */
export const branchAbove = (call: Call, parentId: string): (ProjectRecord | DomainRecord)[] => {
  const above: (ProjectRecord | DomainRecord)[] = []
  let id = parentId
  for (;;) {
    const project = call.store.of(projects).get(id)
    if (!project) break
    above.push(project)
    id = project.parent_id
  }
  const domain = call.store.of(domains).get(id)
  return domain ? [...above, domain] : above
}

/** The projects directly below one. */
export const childrenOf = (call: Call, id: string): readonly ProjectRecord[] =>
  call.store.of(projects).where({ parent: id })

/** All projects below one. */
export const descendantsOf = (call: Call, id: string): readonly ProjectRecord[] =>
  childrenOf(call, id).flatMap((child) => [child, ...descendantsOf(call, child.id)])

const hasEnabledBelow = (call: Call, id: string): boolean =>
  childrenOf(call, id).some((child) => child.enabled || hasEnabledBelow(call, child.id))

/** Refuses a place for a new project: in another domain than its parent, below a disabled project, or too deep. */
export const checkPlace = (call: Call, domainId: string, parentId: string): void => {
  const parent = call.store.of(projects).get(parentId)
  if (!parent && parentId !== domainId) {
    throw badRequest(
      `Cannot create project, the parent (${parentId}) is acting as a domain, but this project's domain id (${domainId}) does not match the parent's id.`,
    )
  }
  if (parent && parent.domain_id !== domainId) {
    throw badRequest(
      `Cannot create project, since it specifies its domain_id ${domainId}, but specifies a parent in a different domain (${parent.domain_id}).`,
    )
  }
  const [nearest, ...farther] = branchAbove(call, parentId)
  const disabled = [...farther, ...(nearest ? [nearest] : [])].find((one) => !one.enabled)
  if (disabled) throw badRequest(`cannot create a project in a branch containing a disabled project: ${disabled.id}`)
  if (farther.length + 2 > maxDepth) throw forbidden(`Max hierarchy depth reached for ${parentId} branch.`)
}

/** Refuses a change of `enabled` that the projects above or below do not allow. */
export const checkEnabled = (call: Call, before: ProjectRecord, enabled: boolean): void => {
  if (before.enabled && !enabled && hasEnabledBelow(call, before.id)) {
    throw forbidden(`Cannot disable project ${before.id} since its subtree contains enabled projects.`)
  }
  if (before.enabled || !enabled) return
  if (branchAbove(call, before.parent_id).some((one) => !one.enabled)) {
    throw forbidden(`Cannot enable project ${before.id} since it has disabled parents`)
  }
}

/** Refuses the deletion of a project that has others below it. */
export const checkLeaf = (call: Call, id: string): void => {
  if (childrenOf(call, id).length === 0) return
  throw forbidden(
    `Cannot delete the project ${id} since it is not a leaf in the hierarchy. Use the cascade option if you want to delete a whole subtree.`,
  )
}
