/** Keys that are true with any value but `0`. */
const flags = ['include_limits']
const assignmentFlags = ['include_subtree', 'effective']

/** Query keys that Keystone obeys and the fake answers with 501, by path; all others are obeyed, or ignored by both. */
export const unmodelledQueryKeys: Readonly<Record<string, readonly string[]>> = {
  '/users': ['idp_id', 'protocol_id', 'unique_id', 'password_expires_at'],
  '/groups/:id/users': ['password_expires_at'],
  '/projects/:id': flags,
  '/role_assignments': ['scope.system', 'scope.OS-INHERIT:inherited_to', ...assignmentFlags],
}

/** Whether a key is a flag that is not set. */
export const isFlagOff = (name: string, [first]: readonly string[]): boolean =>
  first === '0' && [...flags, ...assignmentFlags].includes(name)
