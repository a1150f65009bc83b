#!/usr/bin/env node
import module from 'node:module'

// Compiled code is kept between starts, in the system's folder for temporary files.
module.enableCompileCache?.()
await import('../dist/cli/main.js')
