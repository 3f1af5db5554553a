import type { PyGlobal } from './values.ts';

/** Modules of Python 2 whose names Python 3 maps when it reads pickles of protocol 0 to 2. */
const modules: ReadonlyMap<string, string> = new Map([
  ['__builtin__', 'builtins'],
  ['exceptions', 'builtins'],
  ['copy_reg', 'copyreg'],
  ['Queue', 'queue'],
  ['SocketServer', 'socketserver'],
  ['ConfigParser', 'configparser'],
  ['repr', 'reprlib'],
  ['commands', 'subprocess'],
  ['cPickle', 'pickle'],
  ['_elementtree', 'xml.etree.ElementTree'],
  ['StringIO', 'io'],
  ['cStringIO', 'io'],
  ['UserDict', 'collections'],
  ['UserList', 'collections'],
  ['UserString', 'collections'],
  ['urllib2', 'urllib.request'],
  ['httplib', 'http.client'],
  ['xmlrpclib', 'xmlrpc.client'],
]);

const names: ReadonlyMap<string, readonly [module: string, name: string]> = new Map([
  ['__builtin__.xrange', ['builtins', 'range']],
  ['__builtin__.unicode', ['builtins', 'str']],
  ['__builtin__.unichr', ['builtins', 'chr']],
  ['__builtin__.long', ['builtins', 'int']],
  ['__builtin__.basestring', ['builtins', 'str']],
  ['__builtin__.reduce', ['functools', 'reduce']],
  ['__builtin__.raw_input', ['builtins', 'input']],
  ['itertools.izip', ['builtins', 'zip']],
  ['itertools.imap', ['builtins', 'map']],
]);

/** What Python 3 imports where a pickle of Python 2 has this name. */
export function pythonThreeName(global: PyGlobal): PyGlobal {
  const renamed = names.get(`${global.module}.${global.name}`);
  if (renamed) return { kind: 'global', module: renamed[0], name: renamed[1] };
  const module = modules.get(global.module);
  return module === undefined ? global : { ...global, module };
}
