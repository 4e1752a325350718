// The entry for CommonJS: the same module.
module.exports = require('../dist/index.js');
