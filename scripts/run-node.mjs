import { spawn } from 'node:child_process';
import { environment, root } from './prepare.mjs';

/** Runs Node in the project's root with this terminal, and ends as it ends. */
export function runNode(parameters) {
  const child = spawn(process.execPath, parameters, { cwd: root, env: environment, stdio: 'inherit' });
  // The terminal sends these to the child as well, which may have servers to stop before it ends.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => signal === 'SIGTERM' && child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}
