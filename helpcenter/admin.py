"""Pages of the desk that no model of one app's admin.py registers by itself."""

from articles import branddesk as branddesk
