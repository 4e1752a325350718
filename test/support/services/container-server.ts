import { GenericContainer, getContainerRuntimeClient, Wait } from 'testcontainers';
import { freePort } from './free-port.js';
import type { Recipe } from './recipe.js';
import type { Address, RestartOptions, Service } from './service.js';
import { waitUntil } from './wait-until.js';

/** Whether a Docker daemon answers. */
export async function hasContainers(): Promise<boolean> {
  try {
    await getContainerRuntimeClient();
    return true;
  } catch {
    return false; // no daemon: the next provider's turn
  }
}

/** Starts a private server in a container. testcontainers' own reaper removes it after a crash of ours. */
export async function startContainerServer(recipe: Recipe): Promise<Service> {
  const server = new ContainerServer(recipe, await freePort());
  await server.restart({ empty: true });
  return server;
}

class ContainerServer implements Service {
  readonly provider = 'container';
  readonly port: number;
  readonly #recipe: Recipe;
  #id = '';
  #host = 'localhost';
  #peer: Address | undefined;
  #remove: (() => Promise<unknown>) | undefined;

  constructor(recipe: Recipe, port: number) {
    this.#recipe = recipe;
    this.port = port;
  }

  get host(): string {
    return this.#host;
  }

  get url(): string {
    return this.#recipe.url(this.#host, this.port);
  }

  get peer(): Address {
    if (this.#peer === undefined) throw new Error(`${this.#recipe.name} is not running`);
    return this.#peer;
  }

  async pause(): Promise<void> {
    await (await this.#container()).pause();
  }

  async resume(): Promise<void> {
    await (await this.#container()).unpause();
  }

  async kill(): Promise<void> {
    await (await this.#container()).kill();
  }

  async restart(options: RestartOptions = {}): Promise<void> {
    if (options.empty === true) {
      await this.stop();
      await this.#create();
    } else {
      const container = await this.#container();
      const { State: state } = await container.inspect();
      if (state.Paused) await container.unpause();
      if (state.Running) await container.kill();
      await container.start();
    }
    await waitUntil(this.#recipe.container.image, () => this.#recipe.check(this.#host, this.port));
  }

  async stop(): Promise<void> {
    const remove = this.#remove;
    this.#remove = undefined;
    await remove?.();
  }

  async #create(): Promise<void> {
    const { image, port, command, environment } = this.#recipe.container;
    const container = await new GenericContainer(image)
      .withEnvironment({ ...environment })
      .withCommand([...command])
      // A fixed port: Docker would choose another one at every start, and clients must find it again.
      .withExposedPorts({ container: port, host: this.port })
      .withWaitStrategy(Wait.forListeningPorts())
      .start();
    this.#id = container.getId();
    this.#host = container.getHost();
    this.#peer = { host: container.getIpAddress('bridge'), port };
    this.#remove = () => container.stop({ timeout: 0 });
  }

  async #container(): Promise<DockerContainer> {
    const client = await getContainerRuntimeClient();
    return client.container.getById(this.#id);
  }
}

type DockerContainer = ReturnType<Awaited<ReturnType<typeof getContainerRuntimeClient>>['container']['getById']>;
