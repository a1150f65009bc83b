import { expect, test } from 'vitest'
import { chooseSecurityGroups } from './security-groups.ts'

const defaults = ['default-a', 'default-b']

test.each([
  ["the VM's, in their order", { vm: ['z', 'a', 'z'], networks: [['n']], defaults }, ['z', 'a']],
  [
    "else all networks' together, sorted",
    { vm: [], networks: [['n2', 'n1'], [], ['n1', 'vip']], defaults },
    ['n1', 'n2', 'vip'],
  ],
  ['else the default ones', { vm: [], networks: [[], []], defaults }, defaults],
  ['else none', { vm: [], networks: [], defaults: [] }, []],
])('§6.1 %s', (_, levels, expected) => {
  expect(chooseSecurityGroups(levels)).toEqual(expected)
})
