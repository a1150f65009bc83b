import { testDiskHints } from '../disk-sequence.ts'

testDiskHints('virtio')
