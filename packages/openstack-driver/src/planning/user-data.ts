import type { JsonObject } from '@openstack-cpi/cpi-core'
import { invalidVm } from './invalid-vm.ts'

/** Nova's limit for `user_data`, counted in base64. */
const maxUserDataBytes = 65_535

/** The settings document of the agent as `user_data`. Throws `VmCreationFailed`, not to be retried, beyond Nova's limit. */
export function encodeUserData(settings: JsonObject): string {
  const encoded = Buffer.from(JSON.stringify(settings), 'utf8').toString('base64')
  if (encoded.length > maxUserDataBytes) {
    throw invalidVm(
      `The agent settings take ${encoded.length} bytes of user data, but Nova takes at most ${maxUserDataBytes}: make 'env' or the network settings smaller`,
    )
  }
  return encoded
}
