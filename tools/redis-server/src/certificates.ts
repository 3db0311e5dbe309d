import { createHash, generateKeyPair, type KeyObject, randomBytes, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { der } from './der.js';

/** A certificate and its private key, both PEM. */
export interface KeyAndCertificate {
  readonly cert: string;
  readonly key: string;
}

/** One authority, and what it signed: for a server on the loopback addresses, and for a client. All PEM. */
export interface Certificates {
  readonly ca: string;
  readonly server: KeyAndCertificate;
  readonly client: KeyAndCertificate;
}

const generate = promisify(generateKeyPair);
const day = 24 * 60 * 60 * 1000;

const oid = {
  commonName: '2.5.4.3',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
};

interface Authority {
  readonly name: string;
  readonly key: KeyObject;
  readonly keyId: Buffer;
}

interface Subject {
  readonly name: string;
  readonly publicKey: KeyObject;
  readonly extensions: Buffer[];
}

/** Makes a new authority and two certificates (P-256), valid for a day around now. Node can sign but not build them. */
export async function createCertificates(): Promise<Certificates> {
  const [authority, server, client] = await Promise.all([pair(), pair(), pair()]);
  const issuer: Authority = {
    name: 'redlane test authority',
    key: authority.privateKey,
    keyId: keyId(authority.publicKey),
  };
  const endEntity = [
    extension(oid.basicConstraints, der.sequence(), true),
    extension(oid.keyUsage, keyUsage(0x80), true),
  ];
  const localhost = [
    der.tagged(2, Buffer.from('localhost'), false),
    der.tagged(7, Buffer.from([127, 0, 0, 1]), false),
    der.tagged(7, Buffer.from([...new Array<number>(15).fill(0), 1]), false),
  ];
  return {
    ca: certificate(issuer, {
      name: issuer.name,
      publicKey: authority.publicKey,
      extensions: [
        extension(oid.basicConstraints, der.sequence(der.boolean(true)), true),
        extension(oid.keyUsage, keyUsage(0x06), true),
      ],
    }),
    server: {
      key: privatePem(server.privateKey),
      cert: certificate(issuer, {
        name: 'localhost',
        publicKey: server.publicKey,
        // Replicas and cluster nodes are clients of each other, with the server's certificate.
        extensions: [
          ...endEntity,
          extension(oid.extendedKeyUsage, der.sequence(der.oid(oid.serverAuth), der.oid(oid.clientAuth))),
          extension(oid.subjectAltName, der.sequence(...localhost)),
        ],
      }),
    },
    client: {
      key: privatePem(client.privateKey),
      cert: certificate(issuer, {
        name: 'redlane test client',
        publicKey: client.publicKey,
        extensions: [...endEntity, extension(oid.extendedKeyUsage, der.sequence(der.oid(oid.clientAuth)))],
      }),
    },
  };
}

function pair(): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> {
  return generate('ec', { namedCurve: 'P-256' });
}

function certificate(issuer: Authority, subject: Subject): string {
  const algorithm = der.sequence(der.oid(oid.ecdsaWithSha256));
  const now = Date.now();
  const body = der.sequence(
    der.tagged(0, der.integer(2n), true),
    der.integer(BigInt(`0x${randomBytes(15).toString('hex')}`)),
    algorithm,
    distinguishedName(issuer.name),
    der.sequence(der.time(new Date(now - day)), der.time(new Date(now + day))),
    distinguishedName(subject.name),
    subject.publicKey.export({ type: 'spki', format: 'der' }),
    der.tagged(
      3,
      der.sequence(
        ...subject.extensions,
        extension(oid.subjectKeyIdentifier, der.octetString(keyId(subject.publicKey))),
        extension(oid.authorityKeyIdentifier, der.sequence(der.tagged(0, issuer.keyId, false))),
      ),
      true,
    ),
  );
  return pem('CERTIFICATE', der.sequence(body, algorithm, der.bitString(sign('sha256', body, issuer.key))));
}

function distinguishedName(commonName: string): Buffer {
  return der.sequence(der.set(der.sequence(der.oid(oid.commonName), der.utf8String(commonName))));
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  return der.sequence(der.oid(id), ...(critical ? [der.boolean(true)] : []), der.octetString(value));
}

/** The first byte of the bit string: 0x80 digitalSignature, 0x04 keyCertSign, 0x02 cRLSign. */
function keyUsage(bits: number): Buffer {
  let unused = 0;
  while ((bits & (1 << unused)) === 0) unused++;
  return der.bitString(Buffer.from([bits]), unused);
}

function keyId(key: KeyObject): Buffer {
  return createHash('sha1')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest();
}

function privatePem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function pem(label: string, content: Buffer): string {
  const lines = content.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
