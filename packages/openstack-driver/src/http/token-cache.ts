/** Where and as whom we log in. */
export interface LoginIdentity {
  /** Digest of everything that makes two logins the same, the secret left out. */
  readonly digest: string
  /** Password, or secret of the application credential; whoever keeps entries encrypts them with it. */
  readonly secret: string
}

/**
 * Keeps logins between processes, so that not each of them logs in. Passed in by whoever knows where such a thing may
 * be kept; without one every process logs in once. Entries are secret. A cache that cannot read or write says so in its
 * own log and calls `logIn`: a login is always possible.
 */
export interface TokenCache {
  /**
   * Answers an entry that `isUsable` accepts: one kept earlier, one another process has just made, or that of `logIn`,
   * which is then kept in place of any other. Rejects only as `logIn` does.
   */
  login(identity: LoginIdentity, isUsable: (entry: string) => boolean, logIn: () => Promise<string>): Promise<string>
  /** Keeps `entry` in place of one that `isReplaceable` accepts; does nothing where another one is kept. Never rejects. */
  amend(identity: LoginIdentity, isReplaceable: (entry: string) => boolean, entry: string): Promise<void>
}
