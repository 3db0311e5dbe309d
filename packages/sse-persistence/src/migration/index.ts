export {
  type MigrateOptions,
  type MigrationReport,
  migrateFromPython,
} from './migrate-from-python.js';
export { decodePickle, PickledObject, type PickleOptions } from './pickle.js';
export { PickleError, type PickleErrorCode } from './pickle-error.js';
export { type PythonListener, readPythonListener, readPythonMessage } from './python-objects.js';
