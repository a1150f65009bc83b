import { ApiError } from '../../kernel/api-error.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { extensions } from './extension-list.ts'

const viewOf = (extension: { alias: string; name: string; updated: string }) => ({
  ...extension,
  description: extension.name,
  links: [],
})

const list = () => ok({ extensions: extensions.map(viewOf) })

/** What this Neutron can do; clients look for aliases here. */
export const extensionRoutes: Route[] = [
  { method: 'GET', path: '/extensions', operation: 'extensions.list', handle: list },
  { method: 'GET', path: '/extensions.json', operation: 'extensions.list', handle: list },
  {
    method: 'GET',
    path: '/extensions/:alias',
    operation: 'extensions.show',
    handle: (call) => {
      const alias = call.param('alias')
      const extension = extensions.find((one) => one.alias === alias)
      if (extension) return ok({ extension: viewOf(extension) })
      throw new ApiError(404, `Extension with alias ${alias} does not exist`, {
        explanation: 'The resource could not be found.',
        isWebob: true,
      })
    },
  },
]
