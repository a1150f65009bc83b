import { fuzzSetup, suite } from '../../vitest.shared.ts'

export default suite({ setupFiles: [...fuzzSetup] })
