import { suite } from '../../../vitest.shared.ts'

export default suite({ reporters: ['default', ['json', { outputFile: '../.test-results/vitest.json' }]] })
