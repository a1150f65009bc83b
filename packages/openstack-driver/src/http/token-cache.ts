/**
 * Keeps tokens between processes, so that not each of them logs in. Passed in by whoever knows where such a thing may
 * be kept; without one every process logs in once. Entries are secret. A cache that cannot read or write must say so in
 * its own log and answer as if empty: a login is always possible.
 */
export interface TokenCache {
  /** @param key digest of where and as whom we log in; without secrets that could be read back */
  read(key: string): Promise<string | undefined>
  write(key: string, entry: string): Promise<void>
  /** Called when Keystone or a service refused what `read` answered. */
  drop(key: string): Promise<void>
}
