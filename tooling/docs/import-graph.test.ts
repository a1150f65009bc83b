import { expect, test } from 'vitest'
import { arrowsIn, graphOf } from './import-graph.ts'

const sources = new Map([
  ['apps/cli/src/main.ts', "import { run } from '@openstack-cpi/cpi-core/node'\nimport { a } from './other.ts'"],
  ['packages/openstack-driver/src/planning/az.ts', "import type { Server } from '../services/compute/servers.ts'"],
  ['packages/openstack-driver/src/methods/create.ts', "import {\n  az,\n} from '../planning/az.ts'"],
])

test('imports become arrows between layers; type-only ones are dotted', () => {
  const arrows = arrowsIn(sources)
  expect(arrows).toEqual([
    { from: 'cli', to: 'cpi-core', isTypeOnly: false },
    { from: 'methods', to: 'planning', isTypeOnly: false },
    { from: 'planning', to: 'services', isTypeOnly: true },
  ])
  expect(graphOf(arrows)).toContain('  methods --> planning\n  planning -.-> services')
})
