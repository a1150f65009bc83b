import type { Call } from '../../kernel/call.ts'
import { isObject } from '../../kernel/json-schema.ts'
import { noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { malformed, neutronError } from './neutron-errors.ts'
import { policiesOfProject } from './rbac-policies.ts'
import { toInteger } from './readers.ts'
import {
  floatingIps,
  networks,
  ports,
  routers,
  securityGroupRules,
  securityGroups,
  subnetPools,
  subnets,
} from './records.ts'
import { rulesOf } from './release-rules.ts'

/** Default limits of a project. */
export const networkQuotas: Readonly<Record<string, number>> = {
  network: 100,
  subnet: 100,
  subnetpool: -1,
  port: 500,
  router: 10,
  floatingip: 50,
  rbac_policy: 10,
  security_group: 10,
  security_group_rule: 100,
  trunk: -1,
}

const used = (call: Call, resource: string, projectId: string): number => {
  const { store } = call
  switch (resource) {
    case 'network':
      return store.of(networks).count('project', projectId)
    case 'subnet':
      return store.of(subnets).count('project', projectId)
    case 'subnetpool':
      return store.of(subnetPools).count('project', projectId)
    case 'port':
      return store.of(ports).count('project', projectId)
    case 'router':
      return store.of(routers).count('project', projectId)
    case 'floatingip':
      return store.of(floatingIps).count('project', projectId)
    case 'rbac_policy':
      return policiesOfProject(call, projectId).length
    case 'security_group':
      return store.of(securityGroups).count('project', projectId)
    case 'security_group_rule':
      return store.of(securityGroupRules).count('project', projectId)
    default:
      return 0
  }
}

const forbidden = (verb: string) =>
  neutronError(403, 'PolicyNotAuthorized', `rule:${verb}_quota is disallowed by policy`)

/** Users see their own project's limits only. */
const projectOf = (call: Call): string => {
  const id = call.param('project')
  if (!call.isAdmin && id !== call.projectId) throw forbidden('get')
  return id
}

/** Limits of a project, with those that are new in the release. */
const limitsOf = (call: Call, project: string): Readonly<Record<string, number>> => ({
  ...call.context.quotas.limits('network', project),
  ...rulesOf(call).newQuotas,
})

/** Limits of a project that has some of its own, as the list shows them. */
const ownLimits = (call: Call, project: string) => ({
  ...limitsOf(call, project),
  project_id: project,
  tenant_id: project,
})

/** Quotas. https://docs.openstack.org/api-ref/network/v2/#quotas-extension-quotas */
export const quotaRoutes: Route[] = [
  {
    method: 'GET',
    path: '/quotas',
    operation: 'quotas.list',
    handle: (call) => {
      if (!call.isAdmin) throw forbidden('get')
      return ok({ quotas: call.context.quotas.projects('network').map((project) => ownLimits(call, project)) })
    },
  },
  {
    method: 'GET',
    path: '/quotas/tenant',
    operation: 'quotas.tenant',
    handle: (call) => ok({ tenant: { tenant_id: call.projectId } }),
  },
  {
    method: 'GET',
    path: '/quotas/project',
    operation: 'quotas.project',
    handle: (call) => ok({ project: { project_id: call.projectId } }),
  },
  {
    method: 'GET',
    path: '/quotas/:project',
    operation: 'quotas.show',
    handle: (call) => ok({ quota: limitsOf(call, projectOf(call)) }),
  },
  {
    method: 'GET',
    path: '/quotas/:project/default',
    operation: 'quotas.default',
    handle: (call) => {
      projectOf(call)
      return ok({ quota: { ...call.context.quotas.defaults('network'), ...rulesOf(call).newQuotas } })
    },
  },
  // Clients ask with the suffix, which Neutron ignores.
  ...['/quotas/:project/details', '/quotas/:project/details.json'].map(
    (path): Route => ({
      method: 'GET',
      path,
      operation: 'quotas.details',
      handle: (call) => {
        const project = projectOf(call)
        const limits = Object.entries(limitsOf(call, project))
        const details = limits.map(([name, limit]) => [name, { limit, used: used(call, name, project), reserved: 0 }])
        return ok({ quota: Object.fromEntries(details) })
      },
    }),
  ),
  {
    method: 'PUT',
    path: '/quotas/:project',
    operation: 'quotas.update',
    handle: (call) => {
      if (!call.isAdmin) throw forbidden('update')
      const body = call.rawJson
      const quota = isObject(body) ? body['quota'] : undefined
      if (!isObject(quota)) throw malformed("Unable to find 'quota' in request body")
      const unknown = Object.keys(quota).filter((name) => !(name in networkQuotas))
      if (unknown.length > 0) throw malformed(`Unrecognized attribute(s) '${unknown.join(', ')}'`)
      const limits = Object.fromEntries(Object.entries(quota).map(([name, limit]) => [name, toInteger(limit)]))
      call.context.quotas.set('network', call.param('project'), limits)
      return ok({ quota: call.context.quotas.limits('network', call.param('project')) })
    },
  },
  {
    method: 'DELETE',
    path: '/quotas/:project',
    operation: 'quotas.delete',
    handle: (call) => {
      if (!call.isAdmin) throw forbidden('delete')
      call.context.quotas.clear('network', call.param('project'))
      return noContent()
    },
  },
]
