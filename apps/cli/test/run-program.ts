import { fileURLToPath } from 'node:url'
import { type Run, type RunOptions, runExecutable } from '@openstack-cpi/cpi-core/testing'

export { answerOf, type Run, type RunOptions } from '@openstack-cpi/cpi-core/testing'

/** The built executable. */
export const executable = fileURLToPath(new URL('../bin/openstack-cpi.js', import.meta.url))

/** Runs a program with this Node and, as under a director, a cleared environment; collects what it says. */
export const runProgram = (
  program: string,
  args: readonly string[],
  { nodeOptions = [], ...options }: RunOptions & { readonly nodeOptions?: readonly string[] } = {},
): Promise<Run> => runExecutable([process.execPath, ...nodeOptions, program, ...args], options)

/** A request as a director sends it. */
export const aRequest = (method: string, values: readonly unknown[] = [], more: object = {}): string =>
  JSON.stringify({
    method,
    arguments: values,
    context: { director_uuid: 'd0e5', request_id: 'cpi-258561' },
    api_version: 2,
    ...more,
  })
