import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readEnv } from '../server/env.ts';

interface Service {
  image?: string;
  build?: string;
  command?: string[];
  ports?: string[];
  volumes?: string[];
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[]; interval: string };
}
const compose = parse(readFileSync('docker-compose.yml', 'utf8')) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};
const { app, mongo, redis } = compose.services;
const dockerfile = readFileSync('Dockerfile', 'utf8');

describe('docker-compose.yml, as far as reading it tells', () => {
  it('opens nothing beyond this machine', () => {
    const ports = Object.values(compose.services).flatMap((service) => service.ports ?? []);
    expect(ports.length).toBeGreaterThan(0);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  it('runs MongoDB as a replica set whose transactions end in time, and starts that set', () => {
    expect(mongo?.command?.join(' ')).toContain('--replSet rs0');
    expect(mongo?.command?.join(' ')).toContain('--setParameter transactionLifetimeLimitSeconds=10');
    expect(mongo?.healthcheck?.test.join(' ')).toMatch(/rs\.initiate.*isWritablePrimary/);
    expect(mongo?.volumes?.[0]?.split(':')[0]).toBe('mongo');
    expect(compose.volumes).toHaveProperty('mongo');
  });

  it('keeps Redis from throwing wake-ups away', () => {
    expect(redis?.command?.join(' ')).toContain('--maxmemory-policy noeviction');
  });

  it('names every image with its version', () => {
    for (const service of Object.values(compose.services))
      if (service.image) expect(service.image).toMatch(/^[a-z]+:\d+\.\d+/);
    for (const [, image] of dockerfile.matchAll(/^FROM (\S+)/gm)) expect(image).toMatch(/^node:20-/);
  });

  it('starts the app when both are healthy, with an environment that it takes', () => {
    expect(app?.depends_on).toEqual({
      mongo: { condition: 'service_healthy' },
      redis: { condition: 'service_healthy' },
    });
    for (const service of Object.values(compose.services)) expect(service.healthcheck?.test[0]).toBe('CMD');
    expect(app?.environment?.['SECRET_KEY']).toMatch(/^\$\{SECRET_KEY:\?/);
    const environment = Object.fromEntries(
      Object.entries(app?.environment ?? {}).map(([name, value]) => [
        name,
        value.startsWith('${SECRET_KEY') ? 'x'.repeat(44) : value.replace(/^\$\{\w+:-(.*)\}$/, '$1'),
      ]),
    );
    expect(readEnv(environment)).toMatchObject({
      host: '0.0.0.0',
      port: 3000,
      mongoUri: 'mongodb://mongo:27017/yekja?replicaSet=rs0',
      redisUrl: 'redis://redis:6379',
    });
  });

  it('starts what the build makes, not as root', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: Record<string, string>;
    };
    const command = /^CMD (\[.*\])$/m.exec(dockerfile)?.[1] ?? '[]';
    expect((JSON.parse(command) as string[]).join(' ')).toBe(scripts['start']);
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toContain('npm run build');
  });
});
