import type { TokenCache } from '@openstack-cpi/openstack-driver'

/** Keeps logins within this process: several drivers of one command log in once. */
export function createMemoryTokenCache(): TokenCache {
  const logins = new Map<string, Promise<string>>()
  return {
    login: async ({ digest }, isUsable, logIn) => {
      const kept = await logins.get(digest)?.catch(() => undefined) // whoever made it has heard why it failed
      if (kept !== undefined && isUsable(kept)) return kept
      const made = logIn()
      logins.set(digest, made)
      return await made
    },
    amend: async ({ digest }, isReplaceable, entry) => {
      const kept = await logins.get(digest)?.catch(() => undefined)
      if (kept !== undefined && isReplaceable(kept)) logins.set(digest, Promise.resolve(entry))
    },
  }
}
