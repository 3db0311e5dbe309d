import { fileURLToPath } from 'node:url';
import { Application, Converter } from 'typedoc';
import { entryPoints } from './entry-points.mjs';
import { innerTypes } from './inner-types.mjs';

const entries = entryPoints();
const packages = [...new Set(entries.map((entry) => entry.package))];
const home = new URL('../', import.meta.url);

const app = await Application.bootstrap({
  name: 'redlane',
  tsconfig: fileURLToPath(new URL('tsconfig.json', home)),
  entryPoints: entries.map(({ file }) => file),
  out: fileURLToPath(new URL('dist/', home)),
  readme: 'none',
  logLevel: 'Warn',
  // Types are checked by a step of their own.
  skipErrorChecking: true,
  excludeExternals: true,
  excludeInternal: true,
  excludePrivate: true,
  disableGit: true,
  gitRevision: 'main',
  sourceLinkTemplate: 'https://github.com/redlane/redlane/blob/{gitRevision}/{path}#L{line}',
  navigation: { includeFolders: false },
  packagesRequiringDocumentation: packages,
  requiredToBeDocumented: ['Class', 'Variable'],
  validation: { notExported: false, notDocumented: true, invalidLink: true, invalidPath: true },
});

// TypeDoc would call the modules after their folders.
app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
  for (const module of project.children ?? []) {
    const entry = entries.find(({ file }) => file === module.sources?.[0]?.fullFileName);
    if (entry === undefined) throw new Error(`no package exports ${module.name}`);
    module.name = entry.name;
  }
});

const project = await app.convert();
if (project !== undefined) {
  app.validate(project);
  // What signatures mention has to be exported; that is only looked for in the package that a project is of.
  app.options.setValue('validation', { notExported: true, notDocumented: false, invalidLink: false });
  for (const name of packages) {
    project.packageName = name;
    app.options.setValue('intentionallyNotExported', innerTypes[name] ?? []);
    app.validate(project);
  }
  if (!process.argv.includes('--check')) await app.generateOutputs(project);
}

const { errorCount, warningCount } = app.logger;
const faults = errorCount + warningCount;
console.log(
  faults === 0 ? `reference: ${entries.length} entry points, nothing wrong` : `reference: ${faults} faults`,
);
process.exitCode = faults === 0 ? 0 : 1;
