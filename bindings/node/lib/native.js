'use strict';

const { ABI } = require('./generated');
const native = require('../build/Release/deepidv.node');

const version = native.abiVersion();
if (version >>> 16 !== ABI.major || (version & 0xffff) < ABI.minor) {
  throw new Error(`libdeepidv ${native.version()} has another interface than ${ABI.major}.${ABI.minor}`);
}

module.exports = native;
