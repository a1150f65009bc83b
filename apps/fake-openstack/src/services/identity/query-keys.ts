/** Keys that are true with any value but `0`. */
const flags = ['include_limits']

/** Query keys that Keystone obeys and the fake answers with 501, by path; all others are obeyed, or ignored by both. */
export const unmodelledQueryKeys: Readonly<Record<string, readonly string[]>> = {
  '/users': ['idp_id', 'protocol_id', 'unique_id', 'password_expires_at'],
  '/groups/:id/users': ['password_expires_at'],
  '/projects/:id': flags,
}

/** Whether a key is a flag that is not set. */
export const isFlagOff = (name: string, [first]: readonly string[]): boolean => first === '0' && flags.includes(name)
