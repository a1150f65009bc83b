/** Who may import whom. The picture is in docs/architecture.md. */
const test = '\\.(test|test-d)\\.ts$|/test/|/testing/'

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      severity: 'error',
      comment: 'Nothing calls back up.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'through-exports',
      severity: 'error',
      comment: 'A workspace uses what another one exports, not its files.',
      from: { path: '^(packages|apps|tooling)/([^/]+)/' },
      to: { path: '^(packages|apps|tooling)/', pathNot: '^$1/$2/', dependencyTypes: ['local'] },
    },
    { name: 'not-resolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'core-knows-nobody',
      severity: 'error',
      comment: 'cpi-core: no HTTP, no OpenStack, no runtime dependency.',
      from: { path: '^packages/cpi-core/src', pathNot: test },
      to: {
        path: '^(packages/openstack-driver|apps)/|^(node:)?(http|https|http2|net|tls|child_process)(/|$)|node_modules/',
      },
    },
    {
      name: 'core-without-node',
      severity: 'error',
      comment: 'Only the entry cpi-core/node knows the process: the main entry loads no built-in module of Node.',
      from: { path: '^packages/cpi-core/src', pathNot: `${test}|^packages/cpi-core/src/node/` },
      to: { path: '^node:|^packages/cpi-core/src/node/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'driver-knows-core-only',
      severity: 'error',
      from: { path: '^packages/openstack-driver/src', pathNot: test },
      to: {
        path: '^apps/|^tooling/|^(node:)?(process|child_process)$|node_modules/(commander|hono|msw|fake-openstack)/',
      },
    },
    {
      name: 'fake-knows-none-of-ours',
      severity: 'error',
      comment: 'A shared type would hide a shared mistake.',
      from: { path: '^apps/fake-openstack/' },
      to: { path: '^packages/|^apps/cli/|^tooling/(?!tsconfig)' },
    },
    {
      name: 'cli-without-fake',
      severity: 'error',
      from: { path: '^apps/cli/src' },
      to: { path: '^apps/fake-openstack/' },
    },
    {
      name: 'planning-is-pure',
      severity: 'error',
      from: { path: '^packages/openstack-driver/src/planning', pathNot: test },
      to: {
        path: '^packages/openstack-driver/src/(http|services|operations|methods)|^(node:)?fs',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'services-below-methods',
      severity: 'error',
      from: { path: '^packages/openstack-driver/src/services' },
      to: { path: '^packages/openstack-driver/src/(methods|operations|planning)' },
    },
    {
      name: 'http-at-the-bottom',
      severity: 'error',
      from: { path: '^packages/openstack-driver/src/http', pathNot: test },
      to: { path: '^packages/openstack-driver/src/(methods|operations|planning)' },
    },
    {
      name: 'operations-below-methods',
      severity: 'error',
      comment: 'What several methods share, by resource.',
      from: { path: '^packages/openstack-driver/src/operations', pathNot: test },
      to: { path: '^packages/openstack-driver/src/methods' },
    },
    {
      name: 'kernel-knows-no-service',
      severity: 'error',
      from: { path: '^apps/fake-openstack/src/kernel', pathNot: test },
      to: { path: '^apps/fake-openstack/src/(services|control|adapters|cli|seed)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|node_modules/\\.)' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['workspace-source', 'import', 'node', 'types', 'default'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
}
