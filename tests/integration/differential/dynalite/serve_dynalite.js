// dynalite in memory on a port the system picks, which it prints. Its modules are where NODE_PATH says.
//
// Some requests make it throw where nothing catches, with an item locked: they are answered as a failure of its own,
// and it lives on. The test asks one thing at a time, so nothing needs to be locked.
const Module = require('module')

const load = Module._load
const unlocked = () => (_, work) => work((done) => done)
Module._load = (name, ...rest) => {
  const loaded = load(name, ...rest)
  return name === 'lock' ? Object.assign(unlocked, {Lock: unlocked}) : loaded
}
const dynalite = require('dynalite')

let response
const server = dynalite({createTableMs: 0, deleteTableMs: 0, updateTableMs: 0})
server.prependListener('request', (_, res) => { response = res })
process.on('uncaughtException', () => {
  if (!response || response.writableEnded) return
  response.statusCode = 500
  response.end('{"__type":"InternalFailure"}')
})
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
