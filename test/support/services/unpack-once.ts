import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

/** Fills `folder` through `fill`, unless it is there. Several processes may try at once: the first to finish wins. */
export async function unpackOnce(folder: string, fill: (part: string) => Promise<void>): Promise<void> {
  if (await exists(folder)) return;
  await mkdir(dirname(folder), { recursive: true, mode: 0o755 });
  const part = await mkdtemp(`${folder}.part-`);
  try {
    await fill(part);
    // For the server's user, who need not be ours.
    await promisify(execFile)('chmod', ['-R', 'a+rX', part]);
    await rename(part, folder);
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    if (!(await exists(folder))) throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
