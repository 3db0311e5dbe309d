import { createCertificates } from './certificates.js';
import type { ServerOptions } from './server-options.js';

/** The same options with certificates filled in, so that all servers of a group are signed by one authority. */
export async function withSharedTls(options: ServerOptions): Promise<ServerOptions> {
  const { tls = false } = options;
  if (tls === false) return options;
  const asked = tls === true ? {} : tls;
  return { ...options, tls: { ...asked, certificates: asked.certificates ?? (await createCertificates()) } };
}
