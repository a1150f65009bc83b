import type { HttpRequest, HttpResponse } from '@openstack-cpi/openstack-driver'
import { isFilter } from './api-request.ts'
import { bodyOf } from './fault-kind.ts'
import type { Through } from './simulated-network.ts'

/**
 * Services, plug-ins and facades that ignore filters they do not know: lists contain every object of the project.
 * @param nth which of the filtered lists of the call, from 0; default: all
 */
export const filtersIgnored =
  (nth?: number): Through =>
  (send) => {
    let seen = 0
    return (request) => {
      const url = new URL(request.url)
      const filters = [...url.searchParams.keys()].filter(isFilter)
      const isFiltered = request.method === 'GET' && filters.length > 0
      if (!isFiltered || (nth !== undefined && seen++ !== nth)) return send(request)
      for (const key of filters) url.searchParams.delete(key)
      return send({ ...request, url })
    }
  }

/** Some Neutrons have no descriptions of ports. */
export const portDescriptionsRefused: Through = (send) => async (request) => {
  const isPort = /\/v2\.0\/ports(\/[^/]+)?$/.test(request.url.pathname)
  const hasDescription = typeof request.body === 'string' && request.body.includes('"description"')
  return isPort && hasDescription ? refused(request, 400, "Unrecognized attribute(s) 'description'") : send(request)
}

const created = /"id": ?"([0-9a-f-]{36})"/

/** The replica that is asked first for a new object does not have it yet. */
export const laggingReplica: Through = (send) => {
  const unseen = new Set<string>()
  return async (request) => {
    const { pathname } = request.url
    if (request.method === 'GET' && unseen.delete(pathname)) {
      return refused(request, 404, 'The resource could not be found.')
    }
    const answer = await send(request)
    const isCreation = request.method === 'POST' && answer.status < 300
    const [, newId] = isCreation ? (created.exec(answer.body) ?? []) : []
    if (newId !== undefined) unseen.add(`${pathname}/${newId}`)
    return answer
  }
}

/** An error in the dialect of the service that the request is for. */
const refused = ({ url }: HttpRequest, status: number, message: string): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json', 'x-openstack-request-id': 'req-0e1f0000-0000-4000-8000-000000000000' },
  body: JSON.stringify(bodyOf(url.pathname.split('/')[1] ?? '', status, 'error', message)),
})
