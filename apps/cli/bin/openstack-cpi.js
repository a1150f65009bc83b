#!/usr/bin/env node
import '../dist/rpc/main.js'
