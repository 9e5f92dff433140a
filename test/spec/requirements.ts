import type mongoose from 'mongoose';
import type { Requirement } from './schema.ts';
import { canonical, numberOf, plain, shown } from './values.ts';

/** What tests may ask of a deployment. */
export interface Deployment {
  version: readonly [number, number, number];
  topology: 'single' | 'replicaset' | 'sharded' | 'load-balanced';
  /** Connected as a user. */
  auth: boolean;
  /** The value of a server parameter; undefined if the server has none of that name. */
  parameter(name: string): Promise<unknown>;
}

/** Asks a server what it is. */
export async function deploymentOf(client: mongoose.mongo.MongoClient): Promise<Deployment> {
  const admin = client.db('admin');
  const { versionArray } = await admin.command({ buildInfo: 1 });
  const hello = await admin.command({ hello: 1 });
  const [major = 0, minor = 0, patch = 0] = (versionArray as number[]).slice(0, 3);
  return {
    version: [major, minor, patch],
    topology: hello['msg'] === 'isdbgrid' ? 'sharded' : hello['setName'] ? 'replicaset' : 'single',
    auth: client.options.credentials !== undefined,
    parameter: (name) =>
      admin.command({ getParameter: 1, [name]: 1 }).then(
        (reply) => reply[name],
        () => undefined,
      ),
  };
}

/** Undefined if one of the requirements is met (or there is none); else why not, in a few words. */
export async function unmet(
  requirements: readonly Requirement[] | undefined,
  deployment: Deployment,
): Promise<string | undefined> {
  const reasons: string[] = [];
  for (const requirement of requirements ?? []) {
    const reason = await unmetOne(requirement, deployment);
    if (reason === undefined) return undefined;
    if (!reasons.includes(reason)) reasons.push(reason);
  }
  return reasons.length > 0 ? reasons.join(', or ') : undefined;
}

async function unmetOne(requirement: Requirement, deployment: Deployment): Promise<string | undefined> {
  const { minServerVersion, maxServerVersion, topologies, serverless, serverParameters } = requirement;
  if (minServerVersion !== undefined && compareVersions(deployment.version, minServerVersion) < 0)
    return `server ${minServerVersion} or later`;
  if (maxServerVersion !== undefined && compareVersions(deployment.version, maxServerVersion) > 0)
    return `server ${maxServerVersion} or earlier`;
  const sharded = deployment.topology === 'sharded' && topologies?.includes('sharded-replicaset');
  if (topologies && !topologies.includes(deployment.topology) && !sharded)
    return `topology ${topologies.join(' or ')}`;
  if (serverless === 'require') return 'serverless';
  if (requirement.auth !== undefined && requirement.auth !== deployment.auth)
    return requirement.auth ? 'authentication' : 'no authentication';
  if (requirement.authMechanism !== undefined) {
    const mechanisms = await deployment.parameter('authenticationMechanisms');
    if (!Array.isArray(mechanisms) || !mechanisms.includes(requirement.authMechanism))
      return `authentication by ${requirement.authMechanism}`;
  }
  if (requirement.csfle !== undefined && requirement.csfle !== false) return 'client-side encryption';
  for (const [name, value] of Object.entries(serverParameters ?? {})) {
    const actual = await deployment.parameter(name);
    const [a, b] = [numberOf(actual), numberOf(value)];
    const same =
      a !== undefined && b !== undefined ? Number(a) === Number(b) : canonical(actual) === canonical(value);
    if (actual === undefined || !same) return `server parameter ${name}: ${shown(plain(value))}`;
  }
  return undefined;
}

/** By major, minor and patch; a part that is not given is zero. */
function compareVersions(version: readonly number[], wanted: string): number {
  const parts = wanted.split('.').map(Number);
  for (let i = 0; i < 3; i += 1) {
    const difference = (version[i] ?? 0) - (parts[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
