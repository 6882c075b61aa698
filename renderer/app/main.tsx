import { catalog } from '../../palette/catalog.ts';
import { disconnectedClient } from './disconnected-client.ts';
import { startDesigner } from './start-designer.tsx';

startDesigner(document.getElementById('root')!, { client: disconnectedClient, palette: catalog });
