import { catalog } from '../../palette/catalog.ts';
import { connectStudio } from '../bridge/connect-studio.ts';
import { followAddress } from '../bridge/follow-address.ts';
import { followConnection } from '../bridge/follow-connection.ts';
import { followDesktop } from '../bridge/follow-desktop.ts';
import { startDesigner } from './start-designer.tsx';

const connection = connectStudio();
const store = startDesigner(document.getElementById('root')!, { client: connection, palette: catalog });
followAddress(store);
followConnection(store, connection);
followDesktop(store);
