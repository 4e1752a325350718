/** @type {import('next').NextConfig} */
export default {
  output: process.env.STANDALONE === '1' ? 'standalone' : undefined,
  // The folder of the application is the root: lockfiles above it are not its own.
  outputFileTracingRoot: import.meta.dirname,
  turbopack: { root: import.meta.dirname },
};
