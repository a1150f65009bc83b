import * as z from 'zod'
import { badRequest, conflict, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { novaDialect } from '../../kernel/dialects/openstack-fault.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { projects } from '../identity/records.ts'
import { visibleFlavor } from './flavors.ts'
import { type FlavorRecord, flavors } from './records.ts'
import { rulesOf } from './release-rules.ts'
import { refuseUnknownAction } from './unknown-action.ts'

const accessList = ({ id, access = [] }: FlavorRecord) =>
  ok({ flavor_access: access.map((tenant_id) => ({ flavor_id: id, tenant_id })) })

const list = (call: Call) => {
  if (!call.isAdmin && rulesOf(call).refusesFlavorAccess) {
    throw novaDialect.forbidden('os_compute_api:os-flavor-access')
  }
  const flavor = visibleFlavor(call, call.param('flavor_id'))
  if (flavor.is_public) throw notFound('Access list not available for public flavors.')
  return accessList(flavor)
}

const tenant = z.strictObject({ tenant: z.string().min(1).max(255) })
const addSchema = z.strictObject({ addTenantAccess: tenant })
const removeSchema = z.strictObject({ removeTenantAccess: tenant })

/** Nova asks Keystone whether the project exists. */
const checkProject = (call: Call, id: string): void => {
  if (!call.store.of(projects).has(id)) throw badRequest(`Project ID ${id} is not a valid project.`)
}

const add = (call: Call) => {
  const project = call.json(addSchema).addTenantAccess.tenant
  const flavor = visibleFlavor(call, call.param('flavor_id'))
  checkProject(call, project)
  const access = flavor.access ?? []
  if (access.includes(project)) {
    throw conflict(`Flavor access already exists for flavor ${flavor.id} and project ${project} combination.`)
  }
  return accessList(call.store.of(flavors).update(flavor.id, { access: [...access, project] }))
}

const remove = (call: Call) => {
  const project = call.json(removeSchema).removeTenantAccess.tenant
  const flavor = visibleFlavor(call, call.param('flavor_id'))
  checkProject(call, project)
  const access = flavor.access ?? []
  if (!access.includes(project)) throw notFound(`Flavor access not found for ${flavor.id} / ${project} combination.`)
  return accessList(call.store.of(flavors).update(flavor.id, { access: access.filter((one) => one !== project) }))
}

const rule = (verb: string) => ({ admin: `os_compute_api:os-flavor-access:${verb}` })

/** https://docs.openstack.org/api-ref/compute/#flavors: which projects use a private flavor. */
export const flavorAccessRoutes: readonly Route[] = [
  { method: 'GET', path: '/flavors/:flavor_id/os-flavor-access', operation: 'flavors.list-access', handle: list },
  {
    method: 'POST',
    path: '/flavors/:flavor_id/action',
    operation: 'flavors.action',
    handle: refuseUnknownAction,
    actions: {
      addTenantAccess: { operation: 'flavors.add-access', access: rule('add_tenant_access'), handle: add },
      removeTenantAccess: { operation: 'flavors.remove-access', access: rule('remove_tenant_access'), handle: remove },
    },
  },
]
