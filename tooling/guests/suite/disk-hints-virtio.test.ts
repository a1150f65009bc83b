import { testDiskHints } from '../disk-hint-rows.ts'

testDiskHints('virtio')
