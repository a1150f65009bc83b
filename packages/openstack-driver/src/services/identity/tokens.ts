import type { TokenInfo } from '../../http/token.ts'

/** Keystone: who we are. The login itself is the transport's business. */
export const identity = (token: () => Promise<TokenInfo>) => ({
  /** The current token's content; logs in if need be. */
  whoAmI: () => token(),
})

export type Identity = ReturnType<typeof identity>
