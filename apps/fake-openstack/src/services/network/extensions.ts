import { ApiError } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { type Extension, extensions } from './extension-list.ts'
import { rulesOf } from './release-rules.ts'

const viewOf = ({ alias, name, updated }: Extension) => ({
  alias,
  name,
  updated,
  description: name,
  links: [],
})

const known = (call: Call) => {
  const { newExtensions } = rulesOf(call)
  return extensions.filter(({ alias, isNew }) => !isNew || newExtensions.includes(alias))
}

const list = (call: Call) => ok({ extensions: known(call).map(viewOf) })

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
      const extension = known(call).find((one) => one.alias === alias)
      if (extension) return ok({ extension: viewOf(extension) })
      throw new ApiError(404, `Extension with alias ${alias} does not exist`, {
        explanation: 'The resource could not be found.',
        isWebob: true,
      })
    },
  },
]
